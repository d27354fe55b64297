using BillingWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;
using Moldau.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton(Serde.Json(BillingJson.Default.Order));
builder.Services.AddKafka().AddConsumer<string, Order, BillingHandler>(
    options => options with { GroupId = "billing", Topics = ["orders"] },
    // Orders of one customer come one after the other, those of 64 customers at the same time.
    new HandlerOptions { Order = HandlerOrder.Key, MaxConcurrency = 64, OnError = Failure.Retry(3).Then.DeadLetter("orders.dead") });
await builder.Build().RunAsync();
