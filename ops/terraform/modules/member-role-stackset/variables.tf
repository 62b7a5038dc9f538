variable "organizational_unit_ids" {
  description = "Where the role goes: ou-… ids, or the root's r-… id for all accounts."
  type        = list(string)

  validation {
    condition     = length(var.organizational_unit_ids) > 0 && alltrue([for id in var.organizational_unit_ids : can(regex("^(ou|r)-", id))])
    error_message = "Give at least one id that begins with ou- or r-."
  }
}

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

variable "region" {
  description = "The region in which each account's stack lives."
  type        = string
}

variable "name" {
  description = "The StackSet's name."
  type        = string
  default     = "scanfleet-member-role"
}

variable "role_name" {
  description = "The role's name, the same in every account: SCANFLEET_MEMBER_ROLE."
  type        = string
  default     = "ScanfleetMember"
}

variable "external_id" {
  description = "Asked of whoever assumes the role: SCANFLEET_EXTERNAL_ID; empty asks for none."
  type        = string
  default     = ""
  sensitive   = true
}

variable "session_tags" {
  description = "Whether the fleet's sessions carry tags, as those of EKS Pod Identity do."
  type        = bool
  default     = false
}

variable "max_concurrent_percentage" {
  description = "How many of the accounts are rolled out to at once."
  type        = number
  default     = 25

  validation {
    condition     = var.max_concurrent_percentage >= 1 && var.max_concurrent_percentage <= 100
    error_message = "Give 1 to 100."
  }
}

variable "failure_tolerance_percentage" {
  description = "How many of the accounts may fail before the rollout stops; ops/guides/install.md tries those again."
  type        = number
  default     = 20

  validation {
    condition     = var.failure_tolerance_percentage >= 0 && var.failure_tolerance_percentage <= 100
    error_message = "Give 0 to 100."
  }
}

variable "timeout" {
  description = "How long one rollout may take; a thousand accounts need hours."
  type        = string
  default     = "6h"
}

variable "call_as" {
  description = "SELF in the management account, DELEGATED_ADMIN elsewhere."
  type        = string
  default     = "SELF"
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
