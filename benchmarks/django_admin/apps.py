"""The tables of the province as an app of Django."""

from django.apps import AppConfig


class Province(AppConfig):
    name = "benchmarks.django_admin"
    label = "province"
