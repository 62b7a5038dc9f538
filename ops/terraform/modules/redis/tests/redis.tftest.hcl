mock_provider "aws" {}

variables {
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2"]
  client_security_group_ids = ["sg-1"]
  password                  = "0123456789abcdef"
}

run "a_queue_that_loses_nothing" {
  assert {
    condition     = one(aws_elasticache_parameter_group.queue.parameter).value == "noeviction"
    error_message = "Redis may drop jobs."
  }

  assert {
    condition     = aws_elasticache_replication_group.queue.automatic_failover_enabled && aws_elasticache_replication_group.queue.multi_az_enabled
    error_message = "A failed node takes the queue with it."
  }

  assert {
    condition     = aws_elasticache_replication_group.queue.transit_encryption_enabled
    error_message = "The password travels in the clear."
  }

  assert {
    condition     = output.url == "rediss://:0123456789abcdef@${output.host}:6379"
    error_message = "The fleet would not use TLS, or not be let in."
  }
}

run "a_password_that_a_url_cannot_hold" {
  command = plan

  variables {
    password = "0123456789abcde#"
  }

  expect_failures = [var.password]
}
