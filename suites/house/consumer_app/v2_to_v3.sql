UPDATE tags SET name = name;
