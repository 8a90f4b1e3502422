"""The tables that the admin shows, as they are; Django makes and changes none of them."""

from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        managed, db_table = False, "users"

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    region_code = models.CharField(max_length=13)
    nib = models.CharField(max_length=13, unique=True, null=True, blank=True)
    npwp = models.CharField(max_length=16, unique=True, null=True, blank=True)
    npwp_core = models.CharField(max_length=16, null=True, blank=True)
    npp = models.CharField(max_length=20, unique=True, null=True, blank=True)
    address = models.CharField(max_length=500, null=True, blank=True)
    workers_total = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        managed, db_table = False, "companies"

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    number = models.CharField(max_length=60, unique=True, null=True)
    status = models.CharField(max_length=20)
    company = models.ForeignKey(Company, models.PROTECT, related_name="cases")
    inspector = models.ForeignKey(Person, models.PROTECT)
    region_code = models.CharField(max_length=13)
    workers_total = models.IntegerField(null=True)
    workers_registered = models.IntegerField(null=True)
    effective_on = models.DateField(null=True)

    class Meta:
        managed, db_table = False, "cases"

    def __str__(self) -> str:
        return str(self.number)


class Nota(models.Model):
    case = models.ForeignKey(Case, models.PROTECT)
    kind = models.CharField(max_length=2)
    number = models.CharField(max_length=60, unique=True)
    inspector = models.ForeignKey(Person, models.PROTECT)
    inspected_on = models.DateField()
    issued_on = models.DateField()
    company_name = models.CharField(max_length=200)
    workers_total = models.IntegerField()
    workers_registered = models.IntegerField()

    class Meta:
        managed, db_table = False, "notas"

    def __str__(self) -> str:
        return self.number


class Flag(models.Model):
    case = models.ForeignKey(Case, models.PROTECT)
    company = models.ForeignKey(Company, models.PROTECT, related_name="flags")
    level = models.CharField(max_length=10)
    since_on = models.DateField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "flags"
