"""One telephone line at the level of packets: line.py <name> <host address> <far address>

Makes a network namespace that has nothing but this line, and carries its packets: rate, delay, loss and cuts are real
for UDP, for TCP and for connecting. Orders come as lines of JSON on standard input: {"kbps", "delayMs", "loss", "cut"},
each way; null or missing is without limit. "ready" on standard output; ends with its input. Needs root.
"""

import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001
# What a line keeps waiting before it lets fall: a second of its rate, or some packets where that is nothing.
QUEUE_SECONDS = 1.0
QUEUE_BYTES = 10_000


def run(*words):
    subprocess.run(words, check=True)


def open_tun(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    return fd


class Way:
    """One direction; loss strikes behind the narrow part, as on radio: what is lost has used the line."""

    def __init__(self, to):
        self.to = to
        self.free_at = 0.0

    def take(self, size, shape, now, rng):
        """When the packet arrives; None: never."""
        if shape.get("cut"):
            return None
        sent_at = now
        kbps = shape.get("kbps")
        if kbps:
            per_byte = 8 / (kbps * 1000)
            waiting = max(0.0, self.free_at - now) / per_byte
            if waiting + size > max(QUEUE_BYTES, QUEUE_SECONDS / per_byte):
                return None
            self.free_at = max(now, self.free_at) + size * per_byte
            sent_at = self.free_at
        if rng.random() < (shape.get("loss") or 0):
            return None
        return sent_at + (shape.get("delayMs") or 0) / 1000


def carry(near, far):
    rng = random.Random(1)
    ways = {near: Way(far), far: Way(near)}
    shape = {}
    flying = []
    number = 0
    orders = b""
    while True:
        now = time.monotonic()
        while flying and flying[0][0] <= now:
            _, _, to, packet = heapq.heappop(flying)
            try:
                os.write(to, packet)
            except OSError:
                pass
        wait = max(0.0, flying[0][0] - now) if flying else None
        ready, _, _ = select.select([0, near, far], [], [], wait)
        now = time.monotonic()
        for fd in ready:
            if fd == 0:
                got = os.read(0, 4096)
                if not got:
                    return
                orders += got
                *lines, orders = orders.split(b"\n")
                for line in lines:
                    shape = json.loads(line)
                    for way in ways.values():
                        way.free_at = 0.0
                    if shape.get("cut"):
                        flying.clear()
                continue
            for _ in range(64):
                try:
                    packet = os.read(fd, 2048)
                except BlockingIOError:
                    break
                way = ways[fd]
                at = way.take(len(packet), shape, now, rng)
                if at is not None:
                    number += 1
                    heapq.heappush(flying, (at, number, way.to, packet))


def main():
    name, host, there = sys.argv[1:]
    near, far = open_tun(name + "n"), open_tun(name + "f")
    run("ip", "netns", "add", name)
    inside = ["ip", "netns", "exec", name, "ip"]
    try:
        run("ip", "link", "set", name + "f", "netns", name)
        run("ip", "addr", "add", host, "peer", there, "dev", name + "n")
        run("ip", "link", "set", name + "n", "up")
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "addr", "add", there, "peer", host, "dev", name + "f")
        run(*inside, "link", "set", name + "f", "up")
        run(*inside, "route", "add", "default", "via", host)
        print("ready", flush=True)
        carry(near, far)
    finally:
        run("ip", "netns", "del", name)


main()
