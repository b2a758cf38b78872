"""The pages: one module a blueprint. `blueprints` lists them by plugin."""
