variable "region" {
  description = "Where the fleet runs."
  type        = string
  default     = "us-east-1"
}

variable "organization_id" {
  description = "The organization, such as o-abc123."
  type        = string
}

variable "management_deployment_role_arn" {
  description = "A role in the management account that may make IAM roles and StackSets."
  type        = string
}

variable "organizational_unit_ids" {
  description = "Where the StackSet brings the member role; the root's id for all; empty for no StackSet."
  type        = list(string)
  default     = []
}

variable "member_role_here" {
  description = "Whether to make the member role in the fleet's own account, which the StackSet does not reach then."
  type        = bool
  default     = false
}

variable "bucket" {
  description = "The report's bucket; null for one named after the account."
  type        = string
  default     = null
}

variable "external_id" {
  description = "SCANFLEET_EXTERNAL_ID; null asks for none."
  type        = string
  default     = null
  sensitive   = true
}

variable "pod_identity_cluster" {
  description = "The EKS cluster, for Pod Identity."
  type        = string
  default     = null
}

variable "oidc_provider_arn" {
  description = "The cluster's OIDC provider, for IRSA."
  type        = string
  default     = null
}

variable "dashboard" {
  description = "Whether the dashboard reads the report with a role of its own."
  type        = bool
  default     = true
}

variable "reader_role_arns" {
  description = "Roles that may read the report."
  type        = list(string)
  default     = []
}

variable "reader_vpc_endpoint_id" {
  description = "The endpoint through which the dashboard reads the report."
  type        = string
  default     = null
}

variable "redis" {
  description = "An ElastiCache for the queue; null where the chart's Valkey is used."
  type = object({
    vpc_id                    = string
    subnet_ids                = list(string)
    client_security_group_ids = list(string)
  })
  default = null
}

variable "redis_password" {
  description = "The queue's password, needed with redis: 16 to 128 letters, digits and hyphens."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.redis == null || var.redis_password != null
    error_message = "A queue in ElastiCache needs redis_password; without one it would ask nobody."
  }
}

variable "protect" {
  description = "Whether table and bucket resist being destroyed."
  type        = bool
  default     = true
}
