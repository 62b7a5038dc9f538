output "url" {
  description = "SCANFLEET_REDIS_URL, with its password."
  value       = "rediss://:${var.password}@${aws_elasticache_replication_group.queue.primary_endpoint_address}:6379"
  sensitive   = true
}

output "host" {
  description = "The chart's redis.host."
  value       = aws_elasticache_replication_group.queue.primary_endpoint_address
}

output "security_group_id" {
  description = "The queue's security group."
  value       = aws_security_group.queue.id
}
