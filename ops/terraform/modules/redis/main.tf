# The queue in ElastiCache, for those who run no Valkey of their own. One shard: all keys of a fleet share a hash tag.
# ElastiCache has no append-only file; a replica in another zone is what keeps the queue across a failure.

resource "aws_elasticache_subnet_group" "queue" {
  name       = var.name
  subnet_ids = var.subnet_ids
  tags       = var.tags
}

resource "aws_security_group" "queue" {
  name        = "${var.name}-redis"
  description = "Who may reach the queue of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "queue" {
  for_each = toset(var.client_security_group_ids)

  security_group_id            = aws_security_group.queue.id
  description                  = "Pods of the fleet"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_parameter_group" "queue" {
  name   = var.name
  family = "valkey8"
  tags   = var.tags

  # Evicted keys are lost jobs.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "queue" {
  replication_group_id       = var.name
  description                = "scanfleet's queue"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.node_type
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  parameter_group_name       = aws_elasticache_parameter_group.queue.name
  subnet_group_name          = aws_elasticache_subnet_group.queue.name
  security_group_ids         = [aws_security_group.queue.id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  transit_encryption_enabled = true
  auth_token                 = var.password
  snapshot_retention_limit   = 1
  tags                       = var.tags
}
