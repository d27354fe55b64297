using System;
using System.Collections.Generic;
using System.Globalization;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>
/// Reads a definition file (the notation is described in <c>protocol/README.md</c>). Line by line, two spaces a level;
/// a fault names its line and reading goes on, so that one run shows all of them.
/// </summary>
public sealed class DefinitionParser
{
    private readonly DefinitionFile _file;
    private readonly List<DefinitionFault> _faults = new();
    private readonly List<StructDefinition?> _open = new();

    private VersionRange _versions = VersionRange.None;
    private VersionRange _flexible = VersionRange.None;
    private MessageDefinition? _message;
    private int _line;

    private DefinitionParser(string path) => _file = new DefinitionFile(path);

    public static DefinitionFile Parse(string path, string text, out IReadOnlyList<DefinitionFault> faults)
    {
        var parser = new DefinitionParser(path);
        foreach (var line in text.Split('\n'))
        {
            parser._line++;
            parser.ReadLine(line.TrimEnd('\r', ' '));
        }

        DefinitionRules.Check(parser._file, parser._faults);
        faults = parser._faults;
        return parser._file;
    }

    private void ReadLine(string line)
    {
        var hash = line.IndexOf('#');
        if (hash == 0 && _file.Name.Length == 0) _file.Comment.Add(line.Substring(1).Trim());
        var content = (hash < 0 ? line : line.Substring(0, hash)).TrimEnd();
        if (content.Length == 0) return;
        if (content.IndexOf('\t') >= 0)
        {
            Fault("a tab; indent with two spaces");
            return;
        }

        var indent = content.Length - content.TrimStart(' ').Length;
        var words = content.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (indent == 0) ReadTopLevel(words);
        else if (indent % 2 != 0) Fault("indented by " + indent + " spaces; two a level");
        else ReadField(words, indent / 2);
    }

    private void ReadTopLevel(string[] words)
    {
        switch (words[0])
        {
            case "api" or "record" or "message":
                ReadHeading(words);
                break;
            case "versions" when words.Length == 2 && VersionRange.TryParse(words[1], out var versions):
                _versions = versions;
                _flexible = VersionRange.None;
                break;
            case "flexible" when words.Length == 2 && VersionRange.TryParse(words[1], out var flexible):
                _flexible = flexible;
                break;
            case "advertised" when words.Length == 2 && VersionRange.TryParse(words[1], out var advertised):
                _file.Advertised = advertised;
                break;
            case "request" or "response" or "key" or "value" or "fields" when words.Length == 1:
                OpenSection(words[0]);
                break;
            default:
                Fault("'" + string.Join(" ", words) + "' is not a heading, a setting or a section");
                break;
        }
    }

    private void ReadHeading(string[] words)
    {
        if (_file.Name.Length > 0)
        {
            Fault("a second heading; one api, record or message a file");
            return;
        }

        var (kind, expected) = words[0] switch
        {
            "api" => (FileKind.Api, 3),
            "record" => (FileKind.Record, 4),
            _ => (FileKind.Message, 2),
        };
        if (words.Length != expected)
        {
            Fault("expected 'api KEY NAME', 'record TYPE NAME TOPIC' or 'message NAME'");
            return;
        }

        _file.Kind = kind;
        _file.Name = kind == FileKind.Message ? words[1] : words[2];
        if (kind == FileKind.Record) _file.Topic = words[3];
        if (kind == FileKind.Message) return;
        if (short.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) _file.Number = number;
        else Fault("'" + words[1] + "' is not a number from 0 to 32767");
    }

    private void OpenSection(string section)
    {
        if (_versions.IsEmpty) Fault("section '" + section + "' before any 'versions' line");
        var suffix = section switch
        {
            "request" => "Request",
            "response" => "Response",
            "key" => "Key",
            "value" => "Value",
            _ => "",
        };
        _message = new MessageDefinition(section, _file.Name + suffix, _line) { Versions = _versions, Flexible = _flexible };
        _file.Messages.Add(_message);
        _open.Clear();
        _open.Add(_message.Root);
    }

    private void ReadField(string[] words, int level)
    {
        if (_message is null)
        {
            Fault("a field outside any section");
            return;
        }

        if (level > _open.Count || _open[level - 1] is null)
        {
            Fault("indented below a line that has no fields");
            return;
        }

        if (_open.Count > level) _open.RemoveRange(level, _open.Count - level);
        var owner = _open[level - 1]!;
        var field = FieldLine.Parse(words, _line, Fault);
        if (field is null)
        {
            _open.Add(null);
            return;
        }

        owner.Fields.Add(field);
        _open.Add(field.Type.Kind == WireKind.Struct ? StructFor(field.Type.StructName!) : null);
    }

    /// <summary>A struct is defined where it is first used; a later use names it and has no lines below.</summary>
    private StructDefinition? StructFor(string name)
    {
        if (_message!.Find(name) is not null) return null;
        var definition = new StructDefinition(name, _line);
        _message.Structs.Add(definition);
        return definition;
    }

    private void Fault(string problem) => _faults.Add(new DefinitionFault(_file.Path, _line, problem));
}
