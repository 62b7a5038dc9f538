mock_provider "aws" {}

variables {
  organizational_unit_ids = ["r-abcd"]
  coordinator_role_arn    = "arn:aws:iam::123456789012:role/scanfleet-coordinator"
  worker_role_arn         = "arn:aws:iam::123456789012:role/scanfleet-worker"
  region                  = "us-east-1"
}

run "every_account_gets_the_role" {
  assert {
    condition     = aws_cloudformation_stack_set.member.auto_deployment[0].enabled
    error_message = "An account that joins would stay without the role."
  }

  assert {
    condition     = aws_cloudformation_stack_set.member.parameters["RoleName"] == "ScanfleetMember"
    error_message = "The fleet would look for another role."
  }
}

run "many_accounts_at_once_and_past_some_failures" {
  assert {
    condition = (
      aws_cloudformation_stack_set_instance.member.operation_preferences[0].max_concurrent_percentage == 25 &&
      aws_cloudformation_stack_set_instance.member.operation_preferences[0].failure_tolerance_percentage == 20
    )
    error_message = "The first rollout goes one account at a time and ends at the first failure."
  }

  assert {
    condition     = aws_cloudformation_stack_set_instance.member.operation_preferences[0].concurrency_mode == "SOFT_FAILURE_TOLERANCE"
    error_message = "No more accounts begin than may fail."
  }

  assert {
    condition = (
      aws_cloudformation_stack_set.member.operation_preferences[0].max_concurrent_percentage == 25 &&
      aws_cloudformation_stack_set.member.operation_preferences[0].failure_tolerance_percentage == 20
    )
    error_message = "A changed template goes out otherwise than the first."
  }

  assert {
    condition     = aws_cloudformation_stack_set_instance.member.timeouts.create == "6h"
    error_message = "A large organization outlasts the provider's half hour."
  }
}

run "as_the_organization_wants_it" {
  variables {
    max_concurrent_percentage    = 100
    failure_tolerance_percentage = 0
    timeout                      = "1h"
  }

  assert {
    condition = (
      aws_cloudformation_stack_set_instance.member.operation_preferences[0].max_concurrent_percentage == 100 &&
      aws_cloudformation_stack_set_instance.member.operation_preferences[0].failure_tolerance_percentage == 0 &&
      aws_cloudformation_stack_set_instance.member.timeouts.update == "1h"
    )
    error_message = "The variables do not reach the rollout."
  }
}

run "a_share_is_a_percentage" {
  command = plan

  variables {
    max_concurrent_percentage    = 0
    failure_tolerance_percentage = 101
  }

  expect_failures = [var.max_concurrent_percentage, var.failure_tolerance_percentage]
}

run "a_place_is_needed" {
  command = plan

  variables {
    organizational_unit_ids = []
  }

  expect_failures = [var.organizational_unit_ids]
}
