# Put beside the example by ops/test terraform: what makes the aws provider talk to moto.

provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

provider "aws" {
  alias                       = "management"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
