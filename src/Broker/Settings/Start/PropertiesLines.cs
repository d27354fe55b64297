using System.Text;

namespace Moldau.Broker.Settings.Start;

/// <summary>
/// The logical lines of a properties file: without comments, empty lines and blanks in front, a line that ends with an odd
/// number of backslashes joined to the next.
/// </summary>
internal struct PropertiesLines(string text)
{
    private readonly StringBuilder _line = new();
    private int _position;
    private int _number = 1;

    public string Current { get; private set; } = "";

    /// <summary>Where it begins, from 1.</summary>
    public int Number { get; private set; }

    public bool Next()
    {
        _line.Clear();
        var skipsBlanks = true;
        var isContinued = false;
        var isEscaped = false;
        while (_position < text.Length)
        {
            var letter = text[_position++];
            var isEnd = letter is '\n' or '\r';
            if (skipsBlanks)
            {
                if (letter is ' ' or '\t' or '\f') continue;
                if (isEnd && !isContinued)
                {
                    EndOfLine(letter);
                    continue;
                }

                skipsBlanks = false;
                isContinued = false;
            }

            if (_line.Length == 0 && letter is '#' or '!')
            {
                SkipComment();
                skipsBlanks = true;
            }
            else if (!isEnd)
            {
                if (_line.Length == 0) Number = _number;
                _line.Append(letter);
                isEscaped = letter == '\\' && !isEscaped;
            }
            else
            {
                var isLast = _position == text.Length;
                EndOfLine(letter);
                if (_line.Length == 0)
                {
                    skipsBlanks = true;
                }
                else if (!isEscaped || isLast)
                {
                    return Finish(isEscaped);
                }
                else
                {
                    _line.Length--;
                    skipsBlanks = isContinued = true;
                    isEscaped = false;
                }
            }
        }

        return _line.Length > 0 && Finish(isEscaped);
    }

    /// <summary>A backslash with nothing behind it is dropped.</summary>
    private bool Finish(bool isEscaped)
    {
        if (isEscaped) _line.Length--;
        Current = _line.ToString();
        return true;
    }

    private void SkipComment()
    {
        while (_position < text.Length && text[_position] is not ('\n' or '\r')) _position++;
        if (_position < text.Length) EndOfLine(text[_position++]);
    }

    /// <summary>A carriage return and the line feed behind it end one line.</summary>
    private void EndOfLine(char letter)
    {
        _number++;
        if (letter == '\r' && _position < text.Length && text[_position] == '\n') _position++;
    }
}
