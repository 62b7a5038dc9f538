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

run "a_place_is_needed" {
  command = plan

  variables {
    organizational_unit_ids = []
  }

  expect_failures = [var.organizational_unit_ids]
}
