terraform {
  required_providers {
    meshery = {
      source  = "meshery/meshery"
      version = "~> 0.1.0"
    }
  }
}

provider "meshery" {
  url = "https://meshery.example.com"
}
