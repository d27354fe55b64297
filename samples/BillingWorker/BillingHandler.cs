using Microsoft.Extensions.Logging;
using Moldau.Client.Consuming;
using Moldau.Extensions.Hosting;

namespace BillingWorker;

/// <summary>Bills an order. One that cannot be billed is tried three times more, and then goes to the dead letters with its reason.</summary>
internal sealed partial class BillingHandler(ILogger<BillingHandler> log) : IRecordHandler<string, Order>
{
    public ValueTask HandleAsync(Record<string, Order> record, CancellationToken cancellation)
    {
        if (record.Value is not { Count: > 0 } order) throw new InvalidOperationException("an order of nothing");
        Billed(log, order.Customer, order.Product, order.Count);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Customer} is billed {Count} x {Product}")]
    private static partial void Billed(ILogger log, string customer, string product, int count);
}
