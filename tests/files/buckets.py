"""An S3 service on this machine, and buckets in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto.server import ThreadedMotoServer


@contextmanager
def s3_service() -> Iterator[str]:
    """The address of a service that runs meanwhile."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def new_bucket(service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket, as PATUH_FILES takes it; its keys are in the environment."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "contoh",
        "AWS_SECRET_ACCESS_KEY": "contoh",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": service,
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"patuh-{os.urandom(4).hex()}"
    boto3.client("s3", endpoint_url=service, region_name="us-east-1").create_bucket(Bucket=bucket)
    return f"s3://{bucket}/berkas"
