"""Foothold proposes, Optuna does the rest: its storage, its dashboard, its define-by-run objectives."""

import sys

import optuna

import foothold.optuna


def objective(trial):
    if trial.suggest_categorical("model", ["forest", "net"]) == "forest":
        return 2 + abs(trial.suggest_int("depth", 1, 32) - 9) / 4
    rate = trial.suggest_float("rate", 1e-5, 1, log=True)
    if rate > 0.5:
        raise optuna.TrialPruned
    return abs(trial.suggest_int("layers", 1, 12) - 5) + abs(rate - 0.01)


def main(_log):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=foothold.optuna.FootholdSampler(seed=1))
    study.optimize(objective, n_trials=60)
    print("best:", round(study.best_value, 2), study.best_params)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
