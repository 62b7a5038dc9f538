variable "partition" {
  description = "aws, aws-cn or aws-us-gov."
  type        = string
  default     = "aws"
}

variable "fleet_account_id" {
  description = "The account that the fleet runs in, with its table and bucket."
  type        = string
  default     = "000000000000"

  validation {
    condition     = can(regex("^[0-9]{12}$", var.fleet_account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "The region of the table."
  type        = string
  default     = "us-east-1"
}

variable "organization_id" {
  description = "The organization, such as o-abc123; roles outside it are never assumed."
  type        = string
  default     = "o-none"

  validation {
    condition     = can(regex("^o-[a-z0-9]+$", var.organization_id))
    error_message = "An organization's id looks like o-abc123."
  }
}

variable "table" {
  description = "The table's name: SCANFLEET_TABLE."
  type        = string
  default     = "scanfleet"
}

variable "bucket" {
  description = "The report's bucket: SCANFLEET_BUCKET."
  type        = string
  default     = "none"
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

variable "session_tags" {
  description = "Whether the fleet's sessions carry tags, as those of EKS Pod Identity do."
  type        = bool
  default     = false
}
