output "url" {
  description = "SCANFLEET_REDIS_URL, which needs the password between // and the host: rediss://:PASSWORD@HOST:6379."
  value       = "rediss://${aws_elasticache_replication_group.queue.primary_endpoint_address}:6379"
}

output "security_group_id" {
  description = "The queue's security group."
  value       = aws_security_group.queue.id
}
