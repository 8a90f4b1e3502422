"""The very first start: pages that set an empty store up, opened by a code that the server prints."""
