variable "coordinator_role_arn" {
  description = "The coordinator's role."
  type        = string

  validation {
    condition     = can(regex("^arn:[^:*?]+:iam::[0-9]{12}:role/[^*?]+$", var.coordinator_role_arn))
    error_message = "Give the ARN of one role."
  }
}

variable "worker_role_arn" {
  description = "The workers' role, in the coordinator's account."
  type        = string

  validation {
    condition = (
      can(regex("^arn:[^:*?]+:iam::[0-9]{12}:role/[^*?]+$", var.worker_role_arn)) &&
      split(":role/", var.worker_role_arn)[0] == split(":role/", var.coordinator_role_arn)[0]
    )
    error_message = "Give the ARN of one role of the coordinator's account."
  }
}

variable "name" {
  description = "The role's name, the same in every account: SCANFLEET_MEMBER_ROLE."
  type        = string
  default     = "ScanfleetMember"
}

variable "external_id" {
  description = "Asked of whoever assumes the role: SCANFLEET_EXTERNAL_ID; null asks for none."
  type        = string
  default     = null
  sensitive   = true
}

variable "permissions_boundary" {
  description = "A policy that bounds the role, where the organization asks for one."
  type        = string
  default     = null
}

variable "session_tags" {
  description = "Whether the fleet's sessions carry tags, as those of EKS Pod Identity do."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
