"""The frame all exporters stand on: config, collection, rendering, HTTP. It knows no source."""
