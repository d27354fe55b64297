namespace Moldau.Broker.Diagnostics;

/// <summary>
/// All there is to say about one metric: the page of metrics, what is exported, and the references are made from it.
/// </summary>
/// <param name="Name">With dots, without a unit.</param>
/// <param name="Unit">One of <see cref="MetricUnit"/>.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">In the order in which series name their values.</param>
internal sealed record MetricDeclaration(string Name, MetricKind Kind, string Unit, string Help, params IReadOnlyList<MetricLabel> Labels)
{
    /// <summary>On the page of metrics: with its unit, and with what a counter ends in.</summary>
    public string PageName => Name.Replace('.', '_') + (Unit.Length > 0 ? "_" + Unit : "") + (Kind == MetricKind.Counter ? "_total" : "");

    /// <summary>Kafka's that say the same.</summary>
    public IReadOnlyList<MBean> MBeans { get; init; } = [];

    /// <summary>Puts the series of this moment into a reading.</summary>
    public required Action<MetricSource, MetricReading> Collect { get; init; }
}
