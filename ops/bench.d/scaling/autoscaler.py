"""KEDA's and the HPA's formulas as plain functions of what they are told: a ScaledObject, a clock and a number.

After the controllers' sources: KEDA wakes from and puts to zero by its polling; between, the HPA takes the number divided by
its target, ignores what is within a tenth, holds back by its window, and moves by its policies.
"""

import math
from dataclasses import dataclass, field

# --horizontal-pod-autoscaler-sync-period and -tolerance, as Kubernetes has them unless told otherwise.
SYNC_SECONDS = 15.0
TOLERANCE = 0.1

Policies = list[dict[str, object]]


@dataclass
class Rules:
    """What a ScaledObject with one trigger says."""

    minimum: int
    maximum: int
    target: float
    activation: float
    polling: float
    cooldown: float
    behavior: dict[str, dict[str, object]]

    @classmethod
    def of(cls, spec: dict) -> "Rules":
        [trigger] = spec["triggers"]
        return cls(
            minimum=spec["minReplicaCount"],
            maximum=spec["maxReplicaCount"],
            target=float(trigger["metadata"]["targetValue"]),
            activation=float(trigger["metadata"]["activationTargetValue"]),
            polling=float(spec["pollingInterval"]),
            cooldown=float(spec["cooldownPeriod"]),
            behavior=spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"],
        )


@dataclass
class Autoscaler:
    """Both controllers beside one Deployment; `replicas` is what they have set last."""

    rules: Rules
    replicas: int = 0
    active_at: float = -math.inf
    polled_at: float = -math.inf
    synced_at: float = -math.inf
    recommended: list[tuple[float, int]] = field(default_factory=list)
    changed: list[tuple[float, int]] = field(default_factory=list)

    def step(self, now: float, value: float) -> None:
        """Does what is due at `now` where the trigger's answer is `value`."""
        if now - self.polled_at >= self.rules.polling:
            self.polled_at = now
            self._poll(now, value)
        if now - self.synced_at >= SYNC_SECONDS and self.replicas > 0:
            self.synced_at = now
            self._sync(now, value)

    def _poll(self, now: float, value: float) -> None:
        if value > self.rules.activation:
            self.active_at = now
            if self.replicas == 0:
                self._set(now, max(1, self.rules.minimum))
        elif self.rules.minimum == 0 and self.replicas > 0 and now - self.active_at >= self.rules.cooldown:
            self._set(now, 0)

    def _sync(self, now: float, value: float) -> None:
        ratio = value / (self.rules.target * self.replicas)
        wanted = self.replicas if abs(ratio - 1) <= TOLERANCE else math.ceil(value / self.rules.target)
        wanted = min(self.rules.maximum, max(1, self.rules.minimum, wanted))
        self._set(now, self._limited(now, self._stabilized(now, wanted)))

    def _stabilized(self, now: float, wanted: int) -> int:
        up, down = (float(self.rules.behavior[way]["stabilizationWindowSeconds"]) for way in ("scaleUp", "scaleDown"))
        self.recommended = [(at, number) for at, number in self.recommended if now - at <= max(up, down)] + [(now, wanted)]
        lowest = min(number for at, number in self.recommended if now - at <= up)
        highest = max(number for at, number in self.recommended if now - at <= down)
        return min(max(self.replicas, lowest), highest)

    def _limited(self, now: float, wanted: int) -> int:
        if wanted > self.replicas:
            return min(wanted, max(self._reach(now, policy, 1) for policy in self._policies("scaleUp")))
        if wanted < self.replicas:
            return max(wanted, min(self._reach(now, policy, -1) for policy in self._policies("scaleDown")))
        return wanted

    def _policies(self, way: str) -> Policies:
        return list(self.rules.behavior[way]["policies"])  # type: ignore[call-overload]

    def _reach(self, now: float, policy: dict[str, object], sign: int) -> int:
        """How far one policy lets the number go in its period."""
        recent = [change for at, change in self.changed if now - at < float(policy["periodSeconds"]) and change * sign > 0]
        began = self.replicas - sum(recent)
        amount = int(str(policy["value"]))
        if policy["type"] == "Pods":
            return began + sign * amount
        share = began * (1 + sign * amount / 100)
        return math.ceil(share) if sign > 0 else int(share)

    def _set(self, now: float, number: int) -> None:
        if number != self.replicas:
            self.changed = [(at, change) for at, change in self.changed if now - at < 3600] + [(now, number - self.replicas)]
            self.replicas = number
