using static Moldau.Broker.Settings.SettingImportance;
using static Moldau.Broker.Settings.SettingRule;
using Is = Moldau.Broker.Settings.SettingType;

namespace Moldau.Broker.Settings.Tables;

/// <summary>The settings of a subscription to the metrics of clients.</summary>
internal static class ClientMetricsRows
{
    public static readonly SettingDeclaration[] All =
    [
        new("interval.ms", Is.Int, "300000", Medium, "How often the clients push their metrics: from 100 to 3600000."),
        new("match", Is.List, "", Medium, "Which clients are meant, NAME=PATTERN between commas, all of which must fit; a name is client_id, client_instance_id, client_software_name, client_software_version, client_source_address or client_source_port. Empty means all clients.") { Rule = NoGaps },
        new("metrics", Is.List, "", Medium, "The beginnings of the names of the metrics that are to be pushed, between commas; * for all.") { Rule = NoGaps },
    ];
}
