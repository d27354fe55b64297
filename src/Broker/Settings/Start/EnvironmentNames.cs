using System.Text.RegularExpressions;

namespace Moldau.Broker.Settings.Start;

/// <summary>
/// Which setting a variable of the environment is: <c>MOLDAU_</c> and the setting's name in upper case with <c>_</c> for
/// each dot. Of a setting that begins with <c>moldau.</c> that beginning is not said twice.
/// </summary>
internal static partial class EnvironmentNames
{
    public const string Prefix = "MOLDAU_";

    private const string ListenerPrefix = "LISTENER_NAME_";

    private static readonly string[] Mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI"];

    private static readonly Dictionary<string, string> Names = Collect();

    /// <summary>A setting's variable.</summary>
    public static string Variable(string setting)
    {
        var name = setting.ToUpperInvariant().Replace('.', '_');
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name;
    }

    /// <param name="variable">With its prefix.</param>
    /// <param name="fault">What is wrong with it, as the end of a sentence.</param>
    /// <returns>The setting's name.</returns>
    public static string? Resolve(string variable, out string? fault)
    {
        fault = null;
        if (Names.TryGetValue(variable, out var name)) return name;
        var own = OfListener(variable[Prefix.Length..]);
        if (own is [var one]) return one;
        fault = own.Count > 1
            ? $"it may mean {string.Join(" or ", own)}: give it with --set or in a file, where names have dots"
            : $"no setting has this variable{(NearestName.Find(variable, Names.Keys) is { } near ? $"; did you mean {near}?" : "")}";
        return null;
    }

    /// <summary>
    /// Kubernetes tells each container of the services around it, and a service called moldau is told of under our
    /// prefix; none of these has the form of a setting.
    /// </summary>
    public static bool IsKubernetes(string variable, string value) =>
        ServiceVariable().IsMatch(variable) || (variable.EndsWith("_PORT", StringComparison.Ordinal) && value.Contains("://", StringComparison.Ordinal));

    /// <summary>All settings of listeners that the variable can be; a listener's name may have underscores itself.</summary>
    private static List<string> OfListener(string variable)
    {
        var found = new List<string>();
        if (!variable.StartsWith(ListenerPrefix, StringComparison.Ordinal)) return found;
        for (var i = variable.IndexOf('_', ListenerPrefix.Length); i > 0; i = variable.IndexOf('_', i + 1))
        {
            if (!Names.TryGetValue(Prefix + variable[(i + 1)..], out var setting) || i == ListenerPrefix.Length) continue;
            var listener = variable[ListenerPrefix.Length..i];
            // What ends with a mechanism's name is the mechanism's where it can be: nobody calls a listener so.
            var mechanism = MayBeMechanisms(setting) ? Array.Find(Mechanisms, one => listener.EndsWith($"_{one.Replace('-', '_')}", StringComparison.Ordinal)) : null;
            found.Add(mechanism is null ? ListenerSetting.Name(listener, setting) : ListenerSetting.Name(listener[..^(mechanism.Length + 1)], mechanism, setting));
        }

        return found;
    }

    private static bool MayBeMechanisms(string setting) => setting.StartsWith("sasl.", StringComparison.Ordinal) || setting == "connections.max.reauth.ms";

    private static Dictionary<string, string> Collect()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in SettingTables.Broker.All) names.Add(Variable(setting.Name), setting.Name);
        return names;
    }

    [GeneratedRegex("_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$|^MOLDAU_SERVICE_(HOST|PORT)|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")]
    private static partial Regex ServiceVariable();
}
