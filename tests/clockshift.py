"""Processes whose clock is wrong: a library loaded before all others that answers with another time of day.

What waits until a time of day is told by the kernel's clock, which stays right, so that the library puts those moments back.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

VARIABLE = "TRACKER_TEST_CLOCK_SHIFT"
_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long shift(void) { const char *given = getenv("TRACKER_TEST_CLOCK_SHIFT"); return given ? atol(given) : 0; }
int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int end = real(clock, at);
    if (!end && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift();
    return end;
}
int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void)zone;
    int end = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return end;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
int sem_timedwait(sem_t *sem, const struct timespec *until) {
    static int (*real)(sem_t *, const struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec right = *until;
    right.tv_sec -= shift();
    return real(sem, &right);
}
"""


def wrong_clock(folder: Path, seconds: int) -> dict[str, str]:
    """Variables of the environment for a process whose clock is so many seconds ahead. Skips the test without a C compiler."""
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("needs a C compiler (Debian: gcc libc6-dev)")
    library = folder / "clockshift.so"
    if not library.exists():
        source = folder / "clockshift.c"
        source.write_text(_SOURCE, "utf-8")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True, capture_output=True)
    return {"LD_PRELOAD": str(library), VARIABLE: str(seconds)}
