using System.Globalization;

namespace Moldau.Coordination.Groups.Patterns;

/// <summary>
/// Reads an expression in RE2's syntax and writes it as .NET's engine without backtracking understands it, which like RE2 takes
/// time linear in the text. Groups capture nothing and repetitions have no preference, since only whole matches count.
/// </summary>
internal sealed class PatternTranslator(string text)
{
    private const int MostRepeats = 1000;
    private const int DeepestNesting = 1000;
    private const int NoLimit = -1;

    private readonly PatternReader _reader = new(text);
    private readonly Stack<PatternSequence> _outer = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private PatternSequence _sequence = new();
    private PatternFlags _flags = PatternFlags.OneLine;

    public string Translate()
    {
        var afterRepeat = false;
        while (_reader.HasMore) afterRepeat = ReadNext(afterRepeat);
        if (_outer.Count > 0) throw new PatternException("missing closing )");
        return _sequence.ToExpression();
    }

    /// <returns>Whether that was a repetition: another one must not follow.</returns>
    private bool ReadNext(bool afterRepeat)
    {
        switch (_reader.Peek())
        {
            case '(':
                Open();
                break;
            case '|':
                _reader.Position++;
                _sequence.NextAlternative();
                break;
            case ')':
                _reader.Position++;
                Close();
                break;
            case '^':
                _reader.Position++;
                _sequence.Add(Has(PatternFlags.OneLine) ? @"\A" : "(?m:^)");
                break;
            case '$':
                _reader.Position++;
                _sequence.Add(Has(PatternFlags.OneLine) ? @"\z" : "(?m:$)");
                break;
            case '.':
                _reader.Position++;
                _sequence.Add((Has(PatternFlags.DotMatchesNewline) ? AsciiSet.All : AsciiSet.Of("\n").Not()).ToExpression());
                break;
            case '[':
                _sequence.Add(ClassReader.Read(_reader, Has(PatternFlags.FoldsCase)).ToExpression());
                break;
            case '*' or '+' or '?':
                Repeat(((char)_reader.Pop()).ToString(), afterRepeat);
                return true;
            case '{':
                if (ReadCount() is { } count) Repeat(count, afterRepeat);
                else AddLiteral(_reader.Pop());
                // RE2/J takes even a brace that stands for itself for one.
                return true;
            case '\\':
                ReadEscape();
                break;
            default:
                AddLiteral(_reader.Pop());
                break;
        }

        return false;
    }

    private bool Has(PatternFlags flag) => (_flags & flag) != 0;

    private void AddLiteral(int rune) =>
        _sequence.Add((Has(PatternFlags.FoldsCase) ? AsciiSet.FoldedRange(rune, rune) : AsciiSet.Range(rune, rune)).ToExpression());

    private void Repeat(string count, bool afterRepeat)
    {
        _reader.Skip("?");
        if (afterRepeat) throw new PatternException("invalid nested repetition operator");
        if (!_sequence.RepeatLast(count)) throw new PatternException("missing argument to repetition operator");
    }

    // {n}, {n,} or {n,m}; anything else is no count, and the brace stands for itself.
    private string? ReadCount()
    {
        var start = _reader.Position;
        _reader.Position++;
        var (least, most) = (ReadNumber(), NoLimit);
        var isCount = least is not null;
        if (isCount && !_reader.Skip(","))
        {
            most = least!.Value;
        }
        else if (isCount && !_reader.LooksAt("}"))
        {
            if (ReadNumber() is { } limit) most = limit;
            else isCount = false;
        }

        if (!isCount || !_reader.Skip("}"))
        {
            _reader.Position = start;
            return null;
        }

        if (least > MostRepeats || most > MostRepeats || (most != NoLimit && least > most)) throw new PatternException("invalid repeat count");
        return most == NoLimit ? string.Create(CultureInfo.InvariantCulture, $"{{{least},}}") : string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}");
    }

    // Null where none stands, or one with a needless zero; more than enough where there are too many digits.
    private int? ReadNumber()
    {
        var start = _reader.Position;
        while (_reader.Peek() is >= '0' and <= '9') _reader.Position++;
        var digits = text[start.._reader.Position];
        if (digits.Length == 0 || (digits.Length > 1 && digits[0] == '0')) return null;
        return digits.Length > 8 ? int.MaxValue : int.Parse(digits, CultureInfo.InvariantCulture);
    }

    private void ReadEscape()
    {
        if (_reader.Skip(@"\A")) _sequence.Add(@"\A");
        else if (_reader.Skip(@"\b")) _sequence.Add(@"\b");
        else if (_reader.Skip(@"\B")) _sequence.Add(@"\B");
        else if (_reader.Skip(@"\z")) _sequence.Add(@"\z");
        else if (_reader.Skip(@"\Q")) ReadQuoted();
        else if (EscapeReader.ReadUnicodeClass(_reader, Has(PatternFlags.FoldsCase)) is { } unicode) _sequence.Add(unicode.ToExpression());
        else if (ClassReader.ReadPerl(_reader) is { } perl) _sequence.Add(perl.ToExpression());
        else AddLiteral(EscapeReader.ReadCharacter(_reader));
    }

    private void ReadQuoted()
    {
        while (_reader.HasMore && !_reader.Skip(@"\E")) AddLiteral(_reader.Pop());
    }

    private void Open()
    {
        if (!_reader.LooksAt("(?"))
        {
            _reader.Position++;
            Nest();
            return;
        }

        if (_reader.LooksAt("(?P<") || _reader.LooksAt("(?<"))
        {
            ReadName();
            Nest();
            return;
        }

        _reader.Position += 2;
        ReadFlags();
    }

    private void ReadName()
    {
        _reader.Position += _reader.LooksAt("(?P<") ? 4 : 3;
        var end = _reader.Rest.IndexOf('>', StringComparison.Ordinal);
        var name = end < 0 ? "" : _reader.Rest[..end];
        if (name.Length == 0 || !name.All(unit => unit == '_' || char.IsAsciiLetterOrDigit(unit))) throw new PatternException("invalid named capture");
        if (!_names.Add(name)) throw new PatternException("duplicate capture group name");
        _reader.Position += end + 1;
    }

    private void ReadFlags()
    {
        var (flags, isClearing, hasFlag) = (_flags, false, false);
        while (_reader.HasMore)
        {
            var rune = _reader.Pop();
            switch (rune)
            {
                case 'i' or 'm' or 's' or 'U':
                    flags = Change(flags, rune, isClearing);
                    hasFlag = true;
                    continue;
                case '-' when !isClearing:
                    (isClearing, hasFlag) = (true, false);
                    continue;
                case ':' or ')' when !isClearing || hasFlag:
                    if (rune == ':') Nest();
                    _flags = flags;
                    return;
            }

            break;
        }

        throw new PatternException("invalid or unsupported Perl syntax");
    }

    private static PatternFlags Change(PatternFlags flags, int letter, bool isClearing)
    {
        var flag = letter switch { 'i' => PatternFlags.FoldsCase, 's' => PatternFlags.DotMatchesNewline, 'm' => PatternFlags.OneLine, _ => PatternFlags.None };
        return isClearing == (letter == 'm') ? flags | flag : flags & ~flag;
    }

    private void Nest()
    {
        if (_outer.Count == DeepestNesting) throw new PatternException("expression nests too deeply");
        _sequence.FlagsAround = _flags;
        _outer.Push(_sequence);
        _sequence = new PatternSequence();
    }

    private void Close()
    {
        // RE2/J's own words for a parenthesis that closes nothing.
        if (_outer.Count == 0) throw new PatternException("regexp/syntax: internal error");
        var inner = _sequence.ToExpression();
        _sequence = _outer.Pop();
        _sequence.Add(inner);
        _flags = _sequence.FlagsAround;
    }
}
