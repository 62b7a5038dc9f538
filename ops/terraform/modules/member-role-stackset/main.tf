# Rolls the member role out to organizational units, and to every account that joins them. Runs in the management
# account or in StackSets' delegated administrator; the management account itself needs the module member-role.

resource "aws_cloudformation_stack_set" "member" {
  name             = var.name
  description      = "The role through which scanfleet reads ECR"
  permission_model = "SERVICE_MANAGED"
  call_as          = var.call_as
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = file("${path.module}/../../../cloudformation/member-role.yaml")
  tags             = var.tags

  parameters = {
    CoordinatorRoleArn = var.coordinator_role_arn
    WorkerRoleArn      = var.worker_role_arn
    RoleName           = var.role_name
    ExternalId         = var.external_id
    SessionTags        = tostring(var.session_tags)
  }

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  # How a changed template goes out.
  operation_preferences {
    failure_tolerance_percentage = var.failure_tolerance_percentage
    max_concurrent_percentage    = var.max_concurrent_percentage
  }

  timeouts {
    update = var.timeout
  }

  lifecycle {
    # CloudFormation fills it in.
    ignore_changes = [administration_role_arn]
  }
}

# IAM is global, so one region is enough.
resource "aws_cloudformation_stack_set_instance" "member" {
  stack_set_name = aws_cloudformation_stack_set.member.name
  call_as        = var.call_as
  region         = var.region

  deployment_targets {
    organizational_unit_ids = var.organizational_unit_ids
  }

  # Without these the first rollout takes one account after the other and ends at the first that fails.
  operation_preferences {
    failure_tolerance_percentage = var.failure_tolerance_percentage
    max_concurrent_percentage    = var.max_concurrent_percentage
    # The strict mode would let no more accounts begin than may fail.
    concurrency_mode = "SOFT_FAILURE_TOLERANCE"
  }

  timeouts {
    create = var.timeout
    update = var.timeout
    delete = var.timeout
  }
}
