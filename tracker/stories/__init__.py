"""Same news, many outlets: articles whose texts are largely the same become one story."""
