"""Panels."""

from watchbill.model import Display


def display(ledger):
    return Display()
