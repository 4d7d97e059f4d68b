"""x"""
def excerpt(chunks): return "".join(chunks)
