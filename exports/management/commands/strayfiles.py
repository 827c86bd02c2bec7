from django.core.management.base import BaseCommand

from exports import stray_files


class Command(BaseCommand):
    """List what a kill or a full disk left: files that no row knows (older than a day), and rows of which the file is gone."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="delete the files that no row knows")

    def handle(self, *, remove, **options):
        stray = stray_files.find()
        for name in stray.files:
            self.stdout.write(f"without a row   {name}")
        for model, pk, field, name in stray.rows:
            self.stdout.write(f"without a file  {model._meta.label} {pk} {field}: {name}")
        if remove:
            stray_files.remove(stray.files)
        done = "removed" if remove else "found"
        self.stdout.write(f"{len(stray.files)} files without a row {done}, {len(stray.rows)} rows without a file found.")
