"""Where sections put their functions; a function takes what a vector gives and returns what must come of it."""

CHECKS = {}


def check(name):
    def register(body):
        if name in CHECKS:
            raise ValueError(f'two functions are called {name}')
        CHECKS[name] = body
        return body

    return register
