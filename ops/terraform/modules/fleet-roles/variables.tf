variable "organization_id" {
  description = "The organization, such as o-abc123; roles outside it are never assumed."
  type        = string
}

variable "table" {
  description = "The table's name: SCANFLEET_TABLE."
  type        = string
  default     = "scanfleet"
}

variable "bucket" {
  description = "The report's bucket: SCANFLEET_BUCKET."
  type        = string
}

variable "report_prefix" {
  description = "What the report's keys begin with: SCANFLEET_REPORT_PREFIX."
  type        = string
  default     = "findings/"
}

variable "member_role" {
  description = "The role's name in every account: SCANFLEET_MEMBER_ROLE."
  type        = string
  default     = "ScanfleetMember"
}

variable "listing_role_arn" {
  description = "SCANFLEET_ORGANIZATION_ROLE_ARN; null where the fleet runs in the management account."
  type        = string
  default     = null
}

variable "pod_identity_cluster" {
  description = "The EKS cluster that associates the roles with service accounts; null for IRSA alone."
  type        = string
  default     = null
}

variable "oidc_provider_arn" {
  description = "The cluster's OIDC provider, for IRSA; null for Pod Identity alone."
  type        = string
  default     = null
}

variable "dashboard" {
  description = "Make a role for the dashboard as well, which signs its requests to S3 (dashboard.s3Auth: sigv4)."
  type        = bool
  default     = false
}

variable "namespace" {
  description = "The chart's namespace."
  type        = string
  default     = "scanfleet"
}

variable "service_account_prefix" {
  description = "Service accounts are called so, and -coordinator, -worker, -aggregator, -dashboard."
  type        = string
  default     = "scanfleet"
}

variable "role_prefix" {
  description = "Roles are called so, and -coordinator, -worker, -aggregator, -dashboard."
  type        = string
  default     = "scanfleet"
}

variable "permissions_boundary" {
  description = "A policy that bounds the roles, where the organization asks for one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
