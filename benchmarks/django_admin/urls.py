"""The admin, and an address that says that the program is up."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", lambda _request: HttpResponse("ok")),
]
