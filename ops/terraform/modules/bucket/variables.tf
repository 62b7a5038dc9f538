variable "name" {
  description = "The bucket's name: SCANFLEET_BUCKET."
  type        = string
}

variable "report_prefix" {
  description = "What the report's keys begin with: SCANFLEET_REPORT_PREFIX."
  type        = string
  default     = "findings/"
}

variable "reader_role_arns" {
  description = "Roles that may read the report, such as a dashboard's."
  type        = list(string)
  default     = []
}

variable "reader_vpc_endpoint_id" {
  description = "A gateway or interface endpoint through which everybody may read the report; null for none."
  type        = string
  default     = null
}

variable "history_days" {
  description = "How long replaced reports are kept."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "A key of one's own; its policy must let the aggregator encrypt and the readers decrypt."
  type        = string
  default     = null
}

variable "log_bucket" {
  description = "Where S3 writes its access log; null for none."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes the reports in it."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
