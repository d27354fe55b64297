namespace Moldau.Broker.Settings.Snapshots;

/// <summary>A broker's settings, as they count. Never changed; a change while running makes another.</summary>
public sealed record BrokerSettings
{
    /// <summary>What it was made of; topics and groups take their defaults from here.</summary>
    public required SettingLayers Layers { get; init; }

    public required int NodeId { get; init; }

    public required string? Rack { get; init; }

    public required ListenerSettings Listeners { get; init; }

    public required AuthorizerSettings Authorizer { get; init; }
    internal SaslSettings Sasl { get; private init; } = null!;

    internal DelegationTokenSettings Tokens { get; private init; } = null!;

    public required ConnectionSettings Connections { get; init; }

    public required QuotaSettings Quotas { get; init; }

    public required RequestSettings Requests { get; init; }

    public required LogFolderSettings Folders { get; init; }

    public required CompactorSettings Compactor { get; init; }

    public required TopicCreationSettings Topics { get; init; }

    public required OffsetSettings Offsets { get; init; }

    public required TransactionSettings Transactions { get; init; }

    public required ShareStateSettings ShareState { get; init; }

    public required ClassicGroupSettings ClassicGroups { get; init; }

    public required ConsumerGroupSettings ConsumerGroups { get; init; }

    public required ShareGroupSettings ShareGroups { get; init; }

    public required StreamsGroupSettings StreamsGroups { get; init; }

    /// <summary>The settings of a broker of which nobody has said anything.</summary>
    public static BrokerSettings Default { get; } = Of(SettingLayers.Empty);

    public static BrokerSettings Of(SettingLayers layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var values = SettingValues.Of(layers);
        var listeners = ListenerSettings.Of(values);
        return new BrokerSettings
        {
            Layers = layers,
            NodeId = NodeIdOf(layers, values),
            Rack = values.OptionalText("broker.rack"),
            Authorizer = AuthorizerSettings.Of(values),
            Listeners = listeners,
            Sasl = SaslSettings.Of(layers, listeners),
            Tokens = DelegationTokenSettings.Of(values),
            Connections = ConnectionSettings.Of(layers, values),
            Quotas = QuotaSettings.Of(values),
            Requests = RequestSettings.Of(values),
            Folders = LogFolderSettings.Of(values),
            Compactor = CompactorSettings.Of(values),
            Topics = TopicCreationSettings.Of(values),
            Offsets = OffsetSettings.Of(values),
            Transactions = TransactionSettings.Of(values),
            ShareState = ShareStateSettings.Of(values),
            ClassicGroups = ClassicGroupSettings.Of(values),
            ConsumerGroups = ConsumerGroupSettings.Of(values),
            ShareGroups = ShareGroupSettings.Of(values),
            StreamsGroups = StreamsGroupSettings.Of(values),
        };
    }

    /// <summary>A topic's settings under this broker.</summary>
    /// <param name="own">What is set for the topic.</param>
    public TopicSettings Topic(IReadOnlyDictionary<string, string> own) => TopicSettings.Of(Layers, own);

    /// <summary>A group's settings under this broker.</summary>
    /// <param name="own">What is set for the group.</param>
    public GroupSettings Group(IReadOnlyDictionary<string, string> own) => GroupSettings.Of(Layers, own);

    /// <summary>How a listener speaks TLS. Where SASL asks clients who they are, certificates are asked for only if that is said of the listener itself.</summary>
    /// <param name="listener">The listener's name.</param>
    public TlsSettings Tls(string listener)
    {
        var settings = TlsSettings.Of(SettingValues.OfListener(Layers, listener));
        var asksBySasl = Listeners.Listeners.Any(one => one.Name == listener && one.Protocol == "SASL_SSL");
        return asksBySasl && Layers.FindSet(ListenerSetting.Name(listener, "ssl.client.auth")) is null ? settings with { ClientAuth = TlsClientAuth.None } : settings;
    }

    private static int NodeIdOf(SettingLayers layers, SettingValues values) =>
        layers.Start.ContainsKey("node.id") || values.Int("broker.id") < 0 ? values.Int("node.id") : values.Int("broker.id");
}
