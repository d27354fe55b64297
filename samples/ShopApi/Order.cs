namespace ShopApi;

internal sealed record Order(string Customer, string Product, int Count);
