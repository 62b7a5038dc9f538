variable "name" {
  description = "Names everything; at most 40 letters, digits and hyphens."
  type        = string
  default     = "scanfleet"
}

variable "vpc_id" {
  description = "Where the fleet runs."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Security groups of the pods or nodes that run the fleet."
  type        = list(string)
}

variable "node_type" {
  description = "150 bytes a job are needed, and the smallest node has half a gigabyte."
  type        = string
  default     = "cache.t4g.small"
}

variable "password" {
  description = "Of the user that Redis calls default; 16 to 128 letters, digits and hyphens, which ElastiCache takes and a URL holds as they are."
  type        = string
  sensitive   = true
  # Null would make a queue that asks nobody for a password.
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]{16,128}$", var.password))
    error_message = "Give 16 to 128 letters, digits and hyphens."
  }
}

variable "kms_key_arn" {
  description = "A key of one's own; null for the account's aws/elasticache."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
