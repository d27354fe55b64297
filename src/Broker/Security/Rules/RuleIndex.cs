using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Rules;

/// <summary>The rules of one image of the metadata, found by the kind of resource and its name. Never changed.</summary>
internal sealed class RuleIndex
{
    /// <summary>Every name, and every host.</summary>
    public const string Every = "*";

    public const string Everybody = "User:*";

    /// <summary>A name that stands for any: whoever may write to it has rules wide enough, or is asked nothing.</summary>
    private const string AnyName = "hardcode";

    private readonly Kind[] _kinds = new Kind[(int)AclResource.User + 1];
    private readonly bool _allowsWithoutRules;

    /// <param name="rules">In no order.</param>
    /// <param name="allowsWithoutRules">What is said of a resource that no rule is about.</param>
    public RuleIndex(IEnumerable<AclRecord> rules, bool allowsWithoutRules)
    {
        _allowsWithoutRules = allowsWithoutRules;
        for (var i = 0; i < _kinds.Length; i++) _kinds[i] = new Kind();
        foreach (var rule in rules) _kinds[(int)rule.Resource].Add(rule);
    }

    public bool Decide(in Question question)
    {
        var kind = _kinds[(int)question.Resource];
        return question.Name is { } name ? Decide(question, kind, name) : Decide(question, kind, AnyName) || kind.AllowsAny(question);
    }

    private bool Decide(in Question question, Kind kind, string name)
    {
        var isAnswered = false;
        var isAllowed = false;
        if (kind.Literal(Every) is { } every && !Take(every, question, ref isAnswered, ref isAllowed)) return false;
        if (name != Every && kind.Literal(name) is { } own && !Take(own, question, ref isAnswered, ref isAllowed)) return false;
        foreach (var length in kind.PrefixLengths)
        {
            if (length > name.Length) break;
            if (kind.Prefixed(name.AsSpan(0, length)) is { } prefixed && !Take(prefixed, question, ref isAnswered, ref isAllowed)) return false;
        }

        return isAllowed || (!isAnswered && _allowsWithoutRules);
    }

    /// <returns>False where it is denied.</returns>
    private static bool Take(RuleSet rules, in Question question, ref bool isAnswered, ref bool isAllowed)
    {
        isAnswered = true;
        var answer = rules.Ask(question.Subject.Name, question.Subject.Host, question.Operation);
        if (answer == false) return false;
        isAllowed |= answer == true;
        return true;
    }

    /// <summary>All rules about one kind of resource.</summary>
    private sealed class Kind
    {
        private readonly List<AclRecord> _all = [];
        private readonly Dictionary<string, RuleSet> _literal = new(StringComparer.Ordinal);
        private readonly Dictionary<string, RuleSet> _prefixed = new(StringComparer.Ordinal);
        private readonly Dictionary<string, RuleSet>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

        public Kind() => _bySpan = _prefixed.GetAlternateLookup<ReadOnlySpan<char>>();

        /// <summary>Ascending.</summary>
        public SortedSet<int> PrefixLengths { get; } = [];

        public void Add(AclRecord rule)
        {
            _all.Add(rule);
            var sets = rule.Pattern == AclPattern.Prefixed ? _prefixed : _literal;
            if (!sets.TryGetValue(rule.Name, out var set)) sets.Add(rule.Name, set = new RuleSet());
            set.Add(rule);
            if (rule.Pattern == AclPattern.Prefixed) PrefixLengths.Add(rule.Name.Length);
        }

        public RuleSet? Literal(string name) => _literal.GetValueOrDefault(name);

        public RuleSet? Prefixed(ReadOnlySpan<char> beginning) => _bySpan.TryGetValue(beginning, out var set) ? set : null;

        /// <summary>
        /// Whether there is a name it may be done to: one rule that allows it and that no denial covers whole. Denials of
        /// single names within an allowed prefix leave others of it.
        /// </summary>
        public bool AllowsAny(in Question question)
        {
            var denied = new HashSet<(AclPattern Pattern, string Name)>();
            var allowed = new List<AclRecord>();
            foreach (var rule in _all)
            {
                if (!IsAbout(rule, question)) continue;
                if (rule.Permission == AclPermission.Allow) allowed.Add(rule);
                else if (rule is { Pattern: AclPattern.Literal, Name: Every }) return false;
                else denied.Add((rule.Pattern, rule.Name));
            }

            foreach (var rule in allowed)
            {
                if (rule is { Pattern: AclPattern.Literal, Name: Every } || !IsCovered(rule, denied)) return true;
            }

            return false;
        }

        private static bool IsAbout(AclRecord rule, in Question question) =>
            (rule.Host == Every || rule.Host == question.Subject.Host) && (rule.Principal == Everybody || rule.Principal == question.Subject.Name)
            && (rule.Operation == AclOperation.All || rule.Operation == question.Operation);

        private static bool IsCovered(AclRecord rule, HashSet<(AclPattern Pattern, string Name)> denied)
        {
            if (rule.Pattern == AclPattern.Literal && denied.Contains((AclPattern.Literal, rule.Name))) return true;
            for (var length = 1; length <= rule.Name.Length; length++)
            {
                if (denied.Contains((AclPattern.Prefixed, rule.Name[..length]))) return true;
            }

            return false;
        }
    }
}
