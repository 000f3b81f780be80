"""Fields of bodies under other names: their places, their values, the models that mirror them."""
