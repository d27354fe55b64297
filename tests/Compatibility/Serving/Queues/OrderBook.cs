using System.Collections.Concurrent;

namespace Moldau.Compatibility.Serving.Queues;

/// <summary>What became of each order, as producers, workers and the dead letter topic say; and what of that must not be.</summary>
internal sealed class OrderBook(int firstDelay)
{
    /// <summary>Every hundredth order fails whoever tries it.</summary>
    private const int Hopeless = 100;

    private readonly ConcurrentDictionary<int, Order> _orders = new();
    private readonly Lock _sync = new();
    private long _clock;
    private long _kills;

    public int Placed => _orders.Count;

    public int Failures { get; private set; }

    public int Repeated { get; private set; }

    public int Delayed { get; private set; }

    public int Finished => _orders.Values.Count(static order => order.Succeeded > 0 || order.Letters > 0);

    public int HopelessPlaced => _orders.Count(static pair => pair.Value.Customer is not null && IsHopeless(pair.Key));

    /// <summary>Whether all that can be handled was.</summary>
    public bool IsHandled() => _orders.All(static pair => pair.Value.Customer is null || IsHopeless(pair.Key) || pair.Value.Succeeded > 0);

    public static bool IsHopeless(int number) => number % Hopeless == 7;

    /// <summary>The broker has taken it.</summary>
    public void Place(int number, string customer, int partition, long offset)
    {
        lock (_sync) (_orders.GetOrAdd(number, static _ => new Order()).Customer, _orders[number].Partition, _orders[number].Offset) = (customer, partition, offset);
    }

    public void Killed() => Interlocked.Increment(ref _kills);

    /// <summary>A worker has it.</summary>
    public void Begin(int number, long milliseconds, int delivery)
    {
        lock (_sync)
        {
            var order = _orders.GetOrAdd(number, static _ => new Order());
            order.Begun = order.Begun == 0 ? ++_clock : order.Begun;
            order.Attempts++;
            if (order.Succeeded > 0) Repeated++;
            if (order.Failed is not { } failed || failed.Delivery + 1 != delivery || failed.Kills != _kills) return;
            // Twice as long for each: what a kill came between was forgotten, and is not compared.
            var least = firstDelay << (failed.Delivery - 1);
            Delayed++;
            if (milliseconds - failed.At < least) order.Fault ??= $"order {number} was tried again {milliseconds - failed.At} ms after its failure number {failed.Delivery}, and not {least}";
        }
    }

    public void Succeed(int number)
    {
        lock (_sync)
        {
            var order = _orders[number];
            if (order.Succeeded == 0) order.Succeeded = ++_clock;
        }
    }

    public void Fail(int number, long milliseconds, int delivery)
    {
        lock (_sync)
        {
            Failures++;
            _orders[number].Failed = (milliseconds, delivery, _kills);
        }
    }

    /// <summary>It lies in the dead letter topic.</summary>
    public void Bury(int number, string customer, string reason, int deliveries)
    {
        var order = _orders.GetOrAdd(number, static _ => new Order());
        order.Letters++;
        if (order.Customer is not null && order.Customer != customer) order.Fault ??= $"order {number} of {order.Customer} is a letter of {customer}";
        if (reason != "Offset delivery count exceeded the threshold." || deliveries < 5) order.Fault ??= $"order {number} was given up after {deliveries} deliveries: {reason}";
    }

    /// <summary>Every fault there is, at most so many.</summary>
    public IReadOnlyList<string> Faults(int most = 20)
    {
        var faults = new List<string>();
        foreach (var (number, order) in _orders)
        {
            if (order.Fault is { } fault) faults.Add(fault);
            if (order.Customer is null) continue;
            if (IsHopeless(number) && order.Letters == 0) faults.Add($"order {number} is hopeless, was tried {order.Attempts} times, and is no letter");
            if (!IsHopeless(number) && order.Succeeded == 0 && order.Letters == 0) faults.Add($"order {number} at {order.Partition}@{order.Offset} was tried {order.Attempts} times, never handled, and is no letter");
        }

        foreach (var line in _orders.Where(static pair => pair.Value.Customer is not null).GroupBy(static pair => (pair.Value.Customer, pair.Value.Partition)))
        {
            Order? before = null;
            foreach (var (number, order) in line.OrderBy(static pair => pair.Value.Offset))
            {
                if (before is { Succeeded: > 0 } && order.Begun < before.Succeeded) faults.Add($"order {number} of {order.Customer} was begun before the one at {before.Partition}@{before.Offset} was handled");
                if (before is { Succeeded: 0 } && order.Begun < before.Begun) faults.Add($"order {number} of {order.Customer} was begun before the one at {before.Partition}@{before.Offset}, which is a letter");
                before = order;
            }
        }

        return [.. faults.Take(most)];
    }

    public string Summary()
    {
        var letters = _orders.Values.Where(static order => order.Letters > 0).ToList();
        return $"{Placed} orders, {_kills} kills, {_orders.Values.Sum(static order => order.Attempts)} attempts, {Failures} of them failed, {Delayed} delays measured, {Repeated} attempts at what was handled already; "
            + $"{letters.Count} dead letters, {letters.Sum(static order => order.Letters - 1)} of them twice, {_orders.Count(static pair => pair.Value.Letters > 0 && !IsHopeless(pair.Key))} of orders that were not hopeless";
    }

    private sealed class Order
    {
        /// <summary>Null where its producer was never told that it was taken.</summary>
        public string? Customer { get; set; }

        public int Partition { get; set; }

        public long Offset { get; set; }

        public int Attempts { get; set; }

        public long Begun { get; set; }

        public long Succeeded { get; set; }

        public int Letters { get; set; }

        public (long At, int Delivery, long Kills)? Failed { get; set; }

        public string? Fault { get; set; }
    }
}
