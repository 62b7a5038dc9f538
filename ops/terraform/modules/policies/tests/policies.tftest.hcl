variables {
  fleet_account_id = "123456789012"
  region           = "eu-central-1"
  organization_id  = "o-abc123"
  bucket           = "reports"
  table            = "store"
  member_role      = "Reader"
}

run "words_are_replaced" {
  command = plan

  assert {
    condition = (
      jsondecode(output.json["worker"]).Statement[1].Resource == "arn:aws:dynamodb:eu-central-1:123456789012:table/store"
    )
    error_message = "The worker's table is wrong."
  }

  assert {
    condition     = jsondecode(output.json["worker"]).Statement[0].Condition.StringEquals["aws:ResourceOrgID"] == "o-abc123"
    error_message = "The worker may leave the organization."
  }

  assert {
    condition     = jsondecode(output.json["coordinator"]).Statement[0].Resource == "arn:aws:iam::*:role/Reader"
    error_message = "The coordinator assumes another role."
  }

  assert {
    condition     = strcontains(output.json["aggregator"], "arn:aws:s3:::reports/findings/*")
    error_message = "The aggregator writes elsewhere."
  }

  assert {
    condition     = !strcontains(join("", values(output.json)), "sts:TagSession")
    error_message = "Sessions without tags ask for tagging."
  }
}

run "another_partition_and_tagged_sessions" {
  command = plan

  variables {
    partition    = "aws-cn"
    session_tags = true
  }

  assert {
    condition     = !strcontains(join("", values(output.json)), "arn:aws:")
    error_message = "An ARN of another partition is left."
  }

  assert {
    condition     = toset(jsondecode(output.json["worker"]).Statement[0].Action) == toset(["sts:AssumeRole", "sts:TagSession"])
    error_message = "A tagged session cannot assume the member role."
  }
}

run "an_account_id_has_twelve_digits" {
  command = plan

  variables {
    fleet_account_id = "12345"
  }

  expect_failures = [var.fleet_account_id]
}
