mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::222222222222:role/ScanfleetMember" }
  }
}

variables {
  coordinator_role_arn = "arn:aws:iam::123456789012:role/scanfleet-coordinator"
  worker_role_arn      = "arn:aws:iam::123456789012:role/scanfleet-worker"
}

run "without_external_id" {
  assert {
    condition     = !can(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Condition)
    error_message = "The trust asks for an external id that nobody has."
  }

  assert {
    condition = toset(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Principal.AWS) == toset([
      var.coordinator_role_arn, var.worker_role_arn
    ])
    error_message = "The role trusts somebody else than the fleet."
  }

  assert {
    condition     = aws_iam_role_policy.member.policy == file("../../../iam/member-permissions.json")
    error_message = "The permissions are not those of ops/iam."
  }
}

run "with_external_id_and_tagged_sessions" {
  variables {
    external_id  = "secret"
    session_tags = true
  }

  assert {
    condition     = jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == "secret"
    error_message = "The trust does not ask for the external id."
  }

  assert {
    condition     = contains(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Action, "sts:TagSession")
    error_message = "A tagged session is refused."
  }
}
