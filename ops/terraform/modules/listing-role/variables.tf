variable "coordinator_role_arn" {
  description = "The coordinator's role, the only one that may assume this one."
  type        = string

  validation {
    condition     = can(regex("^arn:[^:*?]+:iam::[0-9]{12}:role/[^*?]+$", var.coordinator_role_arn))
    error_message = "Give the ARN of one role."
  }
}

variable "name" {
  description = "The role's name."
  type        = string
  default     = "ScanfleetListing"
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
