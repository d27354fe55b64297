namespace Moldau.Broker.Quotas;

/// <summary>Kafka's names of the limits, and which numbers each may be.</summary>
internal sealed record QuotaName(string Name, QuotaLimit Limit, double Most, bool IsWhole)
{
    public static QuotaName ProducerByteRate { get; } = new("producer_byte_rate", QuotaLimit.Produce, long.MaxValue, IsWhole: true);

    public static QuotaName ConsumerByteRate { get; } = new("consumer_byte_rate", QuotaLimit.Fetch, long.MaxValue, IsWhole: true);

    public static QuotaName RequestPercentage { get; } = new("request_percentage", QuotaLimit.RequestTime, double.MaxValue, IsWhole: false);

    public static QuotaName ControllerMutationRate { get; } = new("controller_mutation_rate", QuotaLimit.Mutations, double.MaxValue, IsWhole: false);

    public static QuotaName ConnectionCreationRate { get; } = new("connection_creation_rate", QuotaLimit.Connections, int.MaxValue, IsWhole: true);

    /// <summary>Of users, client ids and both together.</summary>
    public static IReadOnlyList<QuotaName> OfClients { get; } = [ProducerByteRate, ConsumerByteRate, RequestPercentage, ControllerMutationRate];

    public static IReadOnlyList<QuotaName> OfAddresses { get; } = [ConnectionCreationRate];

    public static QuotaName Of(QuotaLimit limit) => limit == QuotaLimit.Connections ? ConnectionCreationRate : OfClients[(int)limit];

    /// <summary>A sentence; null where the value is possible.</summary>
    public string? Fault(double value) =>
        !(value > 0) ? $"{Name} must be greater than 0, not {value}; to lift the limit, remove it"
        : value > Most ? $"{Name} is at most {Most}, not {value}"
        : IsWhole && Math.Abs(value % 1.0) > 1e-6 ? $"{Name} is a whole number, not {value}" : null;
}
