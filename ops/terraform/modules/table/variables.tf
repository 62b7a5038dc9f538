variable "name" {
  description = "The table's name: SCANFLEET_TABLE."
  type        = string
  default     = "scanfleet"
}

variable "kms_key_arn" {
  description = "A key of one's own; its policy must let the fleet's roles use it through DynamoDB."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the table must be unlocked before it can be deleted."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
