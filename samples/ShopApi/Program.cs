using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Extensions.Hosting;
using ShopApi;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddKafka()
    .AddProducer<string, Order>("orders")
    .AddHealthCheck();
builder.Services.AddSingleton(Serde.Json(ShopJson.Default.Order));
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default));

var app = builder.Build();
app.MapHealthChecks("/health");

// Answered when the brokers have the order on their disks, and not before.
app.MapPost("/orders", async (Order order, Producer<string, Order> orders, CancellationToken cancellation) =>
{
    var ack = await orders.SendAsync(order.Customer, order, cancellation);
    return Results.Accepted($"/orders/{ack.Where.Partition}/{ack.Offset}");
});
app.Run();
