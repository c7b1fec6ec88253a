# shellcheck shell=bash
# What fresh.sh expects of the commands' output. Sourced; needs fail and say.

# Ten layers in the table of best schedules, each with a time and its share of the roofline.
check_demo() {  # OUTPUT
  local layers
  layers=$(awk '/^resnet18\.C[0-9]+ .*tile_h=/ && $2 > 0 && $6 > 0 && $7 == "%" {print $1}' "$1" | sort -u | wc -l)
  [[ $layers == 10 ]] || { cat "$1" >&2; fail "demo: the table has $layers layers of 10 with a time"; }
}

# ctest's own last word, of at least as many tests as there have long been.
check_tests() {  # OUTPUT
  local line
  line=$(grep -E '^100% tests passed, 0 tests failed out of [0-9]+$' "$1") || { tail -n 40 "$1" >&2; fail "tests failed"; }
  [[ ${line##* } -ge 500 ]] || fail "only ${line##* } tests ran"
  say "$line; $(grep -cE '\*\*\*Skipped|\(Skipped\)$' "$1" || true) of them were skipped"
}

# From ninja's log: how many files were compiled, and the ten slowest with their seconds.
report_build() {  # NINJA_LOG
  say "$(grep -c '\.o	' "$1") files compiled; the slowest, in seconds:"
  awk -F'\t' '$4 ~ /\.o$/ {printf "  %6.1f  %s\n", ($2 - $1) / 1000, $4}' "$1" | sort -rn | head -n 10
}
