#!/bin/sh
# Installs the system packages that pip cannot bring, and says which and why. Nothing is done when they are there.
#   run:  Pango and HarfBuzz, with which WeasyPrint makes the PDFs of invoices, and fonts for what Inter lacks; Python's venv
#   test: Chromium, in which the browser tests walk the product
set -eu

missing=""
want() { # want PACKAGE "why" COMMAND-THAT-SUCCEEDS-WHEN-PRESENT…
  package=$1 why=$2; shift 2
  "$@" >/dev/null 2>&1 || { missing="$missing $package"; echo "Needed: $package ($why)"; }
}
library() { /sbin/ldconfig -p | grep -q "$1"; }
font() { fc-list ":charset=$1" | grep -q .; }

case "${1:-run}" in
run)
  if ! "${PYTHON:-python3}" -c "import sys; sys.exit(sys.version_info < (3, 11))"; then
    echo "CleanConnect needs Python 3.11 or newer. Name another one, for example: make run PYTHON=python3.12" >&2
    exit 1
  fi
  want python3-venv "makes the virtual environment" "${PYTHON:-python3}" -c "import ensurepip, venv"
  want libpango-1.0-0 "text in PDFs" library libpango-1.0.so.0
  want libpangoft2-1.0-0 "fonts in PDFs" library libpangoft2-1.0.so.0
  want libharfbuzz-subset0 "small fonts in PDFs" library libharfbuzz-subset.so.0
  want fontconfig "finds the fonts below" command -v fc-list
  want fonts-dejavu-core "Greek, Cyrillic and Arabic names in PDFs" font 0416
  want fonts-wqy-microhei "Chinese, Japanese and Korean names in PDFs" font 6f22
  want fonts-symbola "emoji in PDFs" font 1f697
  ;;
test)
  want chromium "browser tests" command -v chromium
  ;;
esac

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "This is no Debian or Ubuntu: install with your own package manager:$missing" >&2
  exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
echo "Installing with apt-get${sudo:+ (through sudo)}:$missing"
# shellcheck disable=SC2086
{
  $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null
}
